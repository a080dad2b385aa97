package io.velo.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceListBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An API server on loopback that knows the slices of one service, and what can go wrong with watching them. */
final class ApiServer implements AutoCloseable {

    private static final Pattern VERSION = Pattern.compile("resourceVersion=(\\d+)");

    private final Map<String, EndpointSlice> slices = new LinkedHashMap<>();
    private final List<WebSocket> watches = new ArrayList<>();
    private final List<String> lists = new ArrayList<>();
    private final List<Integer> watchedFrom = new ArrayList<>();
    private final int port;
    private MockWebServer server;
    private int version = 100;
    private int oldest;
    private int refusal;

    private ApiServer() {
        server = begin(0);
        port = server.getPort();
    }

    static ApiServer start() {
        return new ApiServer();
    }

    private MockWebServer begin(int at) {
        MockWebServer next = new MockWebServer();
        next.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer(request.getPath());
            }
        });
        next.start(InetAddress.getLoopbackAddress(), at);
        return next;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    private synchronized MockResponse answer(String path) {
        if (refusal != 0) {
            return status(refusal);
        }
        return path.contains("watch=true") ? watch(path) : list(path);
    }

    private MockResponse list(String path) {
        lists.add(path);
        return json(new EndpointSliceListBuilder()
                .withMetadata(new ListMetaBuilder()
                        .withResourceVersion(String.valueOf(version))
                        .build())
                .withItems(List.copyOf(slices.values()))
                .build());
    }

    private MockResponse watch(String path) {
        Matcher from = VERSION.matcher(path);
        int known = from.find() ? Integer.parseInt(from.group(1)) : 0;
        watchedFrom.add(known);
        return new MockResponse().withWebSocketUpgrade(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket, Response response) {
                opened(socket, known);
            }
        });
    }

    private synchronized void opened(WebSocket socket, int known) {
        watches.add(socket);
        if (known < oldest) {
            socket.send(event(
                    "ERROR",
                    new StatusBuilder().withCode(410).withReason("Expired").build()));
            return;
        }
        slices.values().stream()
                .filter(slice -> Integer.parseInt(slice.getMetadata().getResourceVersion()) > known)
                .forEach(slice -> socket.send(event("MODIFIED", slice)));
    }

    /** Adds or changes one, and tells those who watch. */
    synchronized ApiServer put(EndpointSlice slice) {
        EndpointSlice next = next(slice);
        boolean known = slices.put(slice.getMetadata().getName(), next) != null;
        tell(known ? "MODIFIED" : "ADDED", next);
        return this;
    }

    synchronized void delete(String name) {
        EndpointSlice gone = slices.remove(name);
        tell("DELETED", next(gone));
    }

    private EndpointSlice next(EndpointSlice slice) {
        version++;
        return new EndpointSliceBuilder(slice)
                .editMetadata()
                .withResourceVersion(String.valueOf(version))
                .endMetadata()
                .build();
    }

    /** Says that time has gone on. */
    synchronized int bookmark() {
        version += 1000;
        tell(
                "BOOKMARK",
                new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withResourceVersion(String.valueOf(version))
                        .endMetadata()
                        .build());
        return version;
    }

    private void tell(String type, Object object) {
        String event = event(type, object);
        watches.forEach(socket -> socket.send(event));
    }

    private static String event(String type, Object object) {
        return Serialization.asJson(Map.of("type", type, "object", object));
    }

    /** Cuts all watches. */
    synchronized void cut() {
        watches.forEach(socket -> socket.close(1001, "going away"));
        watches.clear();
    }

    /** Forgets what was before now, and changes something that nobody who watches is told of. */
    synchronized void forget(EndpointSlice slice, String gone) {
        slices.put(slice.getMetadata().getName(), next(slice));
        slices.remove(gone);
        version++;
        oldest = version;
    }

    /** Refuses everything by this status; 0 for nothing. */
    synchronized void refuse(int status) {
        refusal = status;
    }

    /** Is gone for good, or until it {@link #comesBack}. */
    void goes() {
        server.shutdown();
        synchronized (this) {
            watches.clear();
        }
    }

    void comesBack() {
        server = begin(port);
    }

    synchronized List<String> lists() {
        return List.copyOf(lists);
    }

    /** From which versions on it was asked for events. */
    synchronized List<Integer> watchedFrom() {
        return List.copyOf(watchedFrom);
    }

    synchronized int watches() {
        return watches.size();
    }

    private static MockResponse status(int code) {
        return json(new StatusBuilder()
                        .withCode(code)
                        .withReason("Forbidden")
                        .withMessage("endpointslices is forbidden: User velo cannot list it")
                        .build())
                .setResponseCode(code);
    }

    private static MockResponse json(Object body) {
        return new MockResponse()
                .setResponseCode(200)
                .setHeader("Content-Type", "application/json")
                .setBody(Serialization.asJson(body));
    }

    @Override
    public void close() {
        server.shutdown();
    }
}
