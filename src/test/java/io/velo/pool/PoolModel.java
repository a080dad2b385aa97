package io.velo.pool;

import io.velo.backend.BackendState;
import java.util.List;
import java.util.stream.Stream;

/** What a pool of rise 2, fall 3 and three failures in a row should do, in the plainest words. */
final class PoolModel {

    private final double maxEjected;
    private final List<Member> members;
    private long now;

    PoolModel(int size, double maxEjected) {
        this.maxEjected = maxEjected;
        this.members = Stream.generate(Member::new).limit(size).toList();
    }

    BackendState state(int id) {
        return members.get(id).state();
    }

    boolean eligible(int id) {
        return state(id).eligible();
    }

    void drain(int id) {
        members.get(id).draining = true;
    }

    void resume(int id) {
        members.get(id).draining = false;
    }

    void probe(int id, boolean passed) {
        Member member = members.get(id);
        if (!member.probed) {
            member.probed = true;
            member.healthy = passed;
        } else if (passed == member.healthy) {
            member.against = 0;
        } else if (++member.against == (passed ? 2 : 3)) {
            member.healthy = passed;
            member.against = 0;
        }
    }

    void succeed(int id) {
        Member member = members.get(id);
        member.failures = 0;
        if (member.trial) {
            member.trial = false;
            member.ejections = 0;
        }
    }

    void fail(int id) {
        Member member = members.get(id);
        member.failures++;
        if (member.trial) {
            eject(member);
        } else if (member.failures == 3) {
            member.failures = 0;
            if (mayEject(member)) {
                eject(member);
            }
        }
    }

    private void eject(Member member) {
        member.ejections++;
        member.trial = false;
        member.outUntil = now + Math.min(300, 10L * member.ejections);
        member.out = true;
        member.failures = 0;
    }

    private boolean mayEject(Member member) {
        if (maxEjected == 1) {
            return true;
        }
        long out = members.stream().filter(each -> each.out || each.trial).count();
        boolean another = members.stream().anyMatch(each -> each != member && each.state() == BackendState.UP);
        return another && out + 1 <= Math.max(1, Math.floor(maxEjected * members.size()));
    }

    void advance(long seconds) {
        now += seconds;
        for (Member member : members) {
            if (member.out && now >= member.outUntil) {
                member.out = false;
                member.trial = true;
            }
        }
    }

    private static final class Member {
        private boolean draining;
        private boolean probed;
        private boolean healthy = true;
        private int against;
        private int failures;
        private boolean out;
        private boolean trial;
        private int ejections;
        private long outUntil;

        BackendState state() {
            if (draining) {
                return BackendState.DRAINING;
            }
            if (!healthy) {
                return BackendState.DOWN;
            }
            if (out) {
                return BackendState.EJECTED;
            }
            return trial ? BackendState.TRIAL : BackendState.UP;
        }
    }
}
