package io.velo.gateway.routes;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.ConfigurableApplicationContext;

/** The beans of an application and those above it, and where they come from. */
final class Beans {

    private final ConfigurableApplicationContext context;

    Beans(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** All beans of a type by name. */
    <T> Map<String, T> of(Class<T> type) {
        return new LinkedHashMap<>(BeanFactoryUtils.beansOfTypeIncludingAncestors(context, type, true, true));
    }

    /** The class that declares the bean with a method, or else the bean's own. */
    Class<?> originOf(String name, Object bean) {
        return definitionOf(context, name)
                .filter(RootBeanDefinition.class::isInstance)
                .map(definition -> ((RootBeanDefinition) definition).getResolvedFactoryMethod())
                .<Class<?>>map(Method::getDeclaringClass)
                .orElse(bean.getClass());
    }

    private static Optional<BeanDefinition> definitionOf(ConfigurableApplicationContext from, String name) {
        ConfigurableListableBeanFactory factory = from.getBeanFactory();
        if (factory.containsBeanDefinition(name)) {
            return Optional.of(factory.getMergedBeanDefinition(name));
        }
        return from.getParent() instanceof ConfigurableApplicationContext parent
                ? definitionOf(parent, name)
                : Optional.empty();
    }

    /** How a message names a bean. */
    static String told(String name, Object bean) {
        return "bean '" + name + "' (" + bean.getClass().getName() + ")";
    }
}
