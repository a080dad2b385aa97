package io.velo.config;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs something at {@code SIGHUP}. The JDK has signals in a module of its own, {@code jdk.unsupported}, which javac doesn't
 * let one compile against without a warning; with {@code -Xrs} or on Windows there is no such signal, and then nothing
 * happens.
 */
final class HangUp {

    private static final Logger log = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {}

    /** Whether the signal will do it from now on. */
    static boolean does(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler reaction = (proxy, method, arguments) -> switch (method.getName()) {
                case "equals" -> proxy == (arguments == null ? null : arguments[0]);
                case "hashCode" -> System.identityHashCode(proxy);
                case "toString" -> "reload";
                default -> {
                    // The JDK's thread for signals may know its own classes only, not those of a jar in a jar.
                    Thread.currentThread().setContextClassLoader(HangUp.class.getClassLoader());
                    action.run();
                    yield null;
                }
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, reaction);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.debug("SIGHUP doesn't reload here", e);
            return false;
        }
    }
}
