// A round-robin balancer as one would write it in Go in an afternoon: net/http/httputil.ReverseProxy.
//
//	goproxy -listen 127.0.0.1:8090 http://127.0.0.1:8081 http://127.0.0.1:8082
//
// With -routes N it takes only what lies under /svc-00001/ to /svc-N/.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// buffers hands out the 32 KiB that ReverseProxy would otherwise allocate for each answer.
type buffers struct{ pool sync.Pool }

func (b *buffers) Get() []byte       { return *b.pool.Get().(*[]byte) }
func (b *buffers) Put(buffer []byte) { b.pool.Put(&buffer) }

func main() {
	listen := flag.String("listen", "127.0.0.1:8090", "address for clients")
	routes := flag.Int("routes", 0, "number of routes, 0 for everything")
	flag.Parse()
	var backends []*url.URL
	for _, argument := range flag.Args() {
		backend, err := url.Parse(argument)
		if err != nil {
			log.Fatal(err)
		}
		backends = append(backends, backend)
	}
	if len(backends) == 0 {
		log.Fatal("no backends")
	}

	var next uint64
	proxy := &httputil.ReverseProxy{
		Director: func(request *http.Request) {
			backend := backends[atomic.AddUint64(&next, 1)%uint64(len(backends))]
			request.URL.Scheme = backend.Scheme
			request.URL.Host = backend.Host
		},
		Transport: &http.Transport{
			DialContext:           (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			MaxIdleConns:          0, // no limit over all backends
			MaxIdleConnsPerHost:   1024,
			IdleConnTimeout:       30 * time.Second,
			ResponseHeaderTimeout: 30 * time.Second,
			DisableCompression:    true,
		},
		BufferPool: &buffers{sync.Pool{New: func() interface{} {
			buffer := make([]byte, 32*1024)
			return &buffer
		}}},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	handler := http.Handler(proxy)
	if *routes > 0 {
		mux := http.NewServeMux()
		for route := 1; route <= *routes; route++ {
			mux.Handle(fmt.Sprintf("/svc-%05d/", route), proxy)
		}
		handler = mux
	}
	server := &http.Server{Addr: *listen, Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 300 * time.Second}
	log.Fatal(server.ListenAndServe())
}
