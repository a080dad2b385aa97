package io.velo.backend;

/** Numbers as one says them in a row: 1st, 2nd, 3rd, 4th, 11th, 21st. */
final class Ordinal {

    private Ordinal() {}

    static String of(int number) {
        boolean teens = number % 100 / 10 == 1;
        String ending =
                switch (teens ? 0 : number % 10) {
                    case 1 -> "st";
                    case 2 -> "nd";
                    case 3 -> "rd";
                    default -> "th";
                };
        return number + ending;
    }
}
