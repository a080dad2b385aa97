package io.velo.overload;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.velo.limit.Overload;
import io.velo.limit.OverloadRule;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class OverloadConfiguration {

    @Bean
    ProcessWatch processWatch(OverloadRule rule, Overload overload, LoopResources resources) {
        return new ProcessWatch(
                rule.watches(),
                overload,
                rule.maxLagNanos() > 0 ? loops(resources) : List.of(),
                MemoryUse.ofThisProcess(System::nanoTime),
                Schedulers.parallel());
    }

    private static List<LoopLag> loops(LoopResources resources) {
        EventLoopGroup group = resources.onServer(true);
        List<LoopLag> loops = new ArrayList<>();
        for (EventExecutor loop : group) {
            loops.add(new LoopLag(loop, System::nanoTime));
        }
        return loops;
    }
}
