package stock;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class StockGateway {

    public static void main(String[] arguments) {
        SpringApplication.run(StockGateway.class, arguments);
    }
}
