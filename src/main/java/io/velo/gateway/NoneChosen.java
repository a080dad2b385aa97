package io.velo.gateway;

import io.velo.backend.Reason;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.Response;

/** The load balancer's answer that there is nobody to take the request, with the reason. */
record NoneChosen(Reason reason) implements Response<ServiceInstance> {

    @Override
    public boolean hasServer() {
        return false;
    }
}
