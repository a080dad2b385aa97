package io.velo.accesslog;

import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.util.FileSize;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.velo.route.RecordListener;
import io.velo.route.RequestRecord;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line for each request, apart from the application's own log and its configuration. */
final class AccessLog implements RecordListener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);

    private final ContextBase context;
    private final Handover handover;

    private AccessLog(ContextBase context, Handover handover) {
        this.context = context;
        this.handover = handover;
    }

    /**
     * Opens it.
     *
     * @param dropped run for each line that is dropped, on any thread
     * @throws IllegalStateException if the file can't be written
     */
    static AccessLog open(AccessLogSettings settings, Runnable dropped) {
        ContextBase context = new OneThread();
        context.setName("access-log");
        context.getStatusManager().add(AccessLog::warn);
        OutputStreamAppender<RequestRecord> lines = settings.file().isEmpty() ? stdout() : file(settings, context);
        lines.setName("access-log");
        lines.setContext(context);
        lines.setEncoder(started(encoder(settings.format()), context));
        lines.start();
        if (!lines.isStarted()) {
            throw new IllegalStateException("the access log " + settings.file() + " can't be written");
        }
        return new AccessLog(context, Handover.to(lines, settings.queueSize(), dropped));
    }

    private static OutputStreamAppender<RequestRecord> stdout() {
        return new ConsoleAppender<>();
    }

    private static OutputStreamAppender<RequestRecord> file(AccessLogSettings settings, Context context) {
        RollingFileAppender<RequestRecord> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setFile(settings.file());
        SizeAndTimeBasedRollingPolicy<RequestRecord> rolling = new SizeAndTimeBasedRollingPolicy<>();
        rolling.setContext(context);
        rolling.setParent(file);
        rolling.setFileNamePattern(settings.file() + ".%d{yyyy-MM-dd}.%i");
        rolling.setMaxFileSize(new FileSize(settings.maxFileBytes()));
        rolling.setMaxHistory(settings.maxHistory());
        rolling.start();
        file.setRollingPolicy(rolling);
        return file;
    }

    private static EncoderBase<RequestRecord> encoder(AccessLogSettings.Format format) {
        return format == AccessLogSettings.Format.JSON ? new JsonLines() : new CombinedLines();
    }

    private static EncoderBase<RequestRecord> started(EncoderBase<RequestRecord> encoder, Context context) {
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    /** What Logback has to say of itself, a full disk for instance. */
    private static void warn(Status status) {
        if (status.getEffectiveLevel() >= Status.WARN) {
            log.atWarn().setCause(status.getThrowable()).log("access log: {}", status.getMessage());
        }
    }

    @Override
    public void recorded(RequestRecord request) {
        handover.doAppend(request);
    }

    /** Writes what still waits, for ten seconds at most, and closes. */
    @Override
    public void close() {
        handover.stop();
        context.stop();
    }

    /**
     * Has old files removed by the thread that writes. Logback's calendar isn't made for two threads: with one that removes
     * for each file put aside, files of today were taken for old ones.
     */
    private static final class OneThread extends ContextBase {

        @Override
        public ExecutorService getAlternateExecutorService() {
            return ImmediateEventExecutor.INSTANCE;
        }
    }
}
