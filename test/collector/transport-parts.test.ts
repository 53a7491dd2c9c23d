import { describe, expect, it } from 'vitest';
import { DropsCount } from '../../collector/transport/kernel-drops.ts';
import { comparableAddress, familyOf } from '../../collector/transport/peer-address.ts';
import {
  chargeOfReply,
  type Departure,
  ReceiveWindow,
} from '../../collector/transport/receive-window.ts';
import { learnRtt, NO_RTT, waitForTry } from '../../collector/transport/rtt-estimate.ts';
import { Alarm, TimerWheel } from '../../collector/transport/timer-wheel.ts';
import { seededRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';

class Bell extends Alarm {
  readonly rungAtMs: number[] = [];
  onRing = () => {};

  override ring(nowMs: number): void {
    this.rungAtMs.push(nowMs);
    this.onRing();
  }
}

describe('the timer wheel', () => {
  it('rings every alarm once, never early and at most a slot late, whatever is cancelled', () => {
    const clock = new VirtualClock(0);
    const wheel = new TimerWheel(clock);
    const random = seededRandom(11);
    const set: { bell: Bell; dueMs: number }[] = [];
    for (let round = 0; round < 2_000; round += 1) {
      const bell = new Bell();
      const dueMs = clock.monotonicMs() + random.next() ** 3 * 20_000;
      wheel.set(bell, dueMs);
      if (random.next() < 0.3) wheel.cancel(bell);
      else if (random.next() < 0.2) wheel.set(bell, dueMs + 5_000);
      else set.push({ bell, dueMs });
      if (random.next() < 0.2) clock.advance(random.next() * 300);
    }
    clock.advance(30_000);
    expect(set.length).toBeGreaterThan(1_000);
    for (const { bell, dueMs } of set) {
      expect(bell.rungAtMs).toHaveLength(1);
      expect(bell.rungAtMs[0]! - dueMs).toBeGreaterThanOrEqual(0);
      expect(bell.rungAtMs[0]! - dueMs).toBeLessThan(20.1);
    }
    wheel.close();
  });

  it('lets one alarm cancel another that is due at the same time', () => {
    const clock = new VirtualClock(0);
    const wheel = new TimerWheel(clock);
    const [first, second] = [new Bell(), new Bell()];
    for (const bell of [first, second]) wheel.set(bell, 100);
    first.onRing = () => wheel.cancel(second);
    second.onRing = () => wheel.cancel(first);
    clock.advance(1_000);
    expect(first.rungAtMs.length + second.rungAtMs.length).toBe(1);
  });

  it('rings all that fell due while nobody looked', () => {
    const clock = new VirtualClock(0);
    let stalledMs = 0;
    const wheel = new TimerWheel({
      now: () => clock.now(),
      monotonicMs: () => clock.monotonicMs() + stalledMs,
      after: (delayMs, callback) => clock.after(delayMs, callback),
    });
    const bells = [50, 700, 4_000, 11_000].map((dueMs) => {
      const bell = new Bell();
      wheel.set(bell, dueMs);
      return bell;
    });
    stalledMs = 20_000;
    clock.advance(60);
    expect(bells.map((bell) => bell.rungAtMs.length)).toEqual([1, 1, 1, 1]);
  });
});

describe('the wait for a reply', () => {
  const inTry = (number: number, isLast: boolean, chance = 0) => ({ number, isLast, chance });

  it('is a second while nothing is known, and never longer than configured', () => {
    expect(waitForTry(NO_RTT, 2 * SECOND, inTry(1, false))).toBe(SECOND);
    expect(waitForTry(NO_RTT, 200, inTry(1, false))).toBe(200);
  });

  it('follows the round trip and its variation, with a floor', () => {
    let quick = NO_RTT;
    let slow = NO_RTT;
    for (let count = 0; count < 50; count += 1) {
      quick = learnRtt(quick, 2);
      slow = learnRtt(slow, count % 2 === 0 ? 600 : 700);
    }
    expect(waitForTry(quick, 2 * SECOND, inTry(1, false))).toBe(300);
    const slowMs = waitForTry(slow, 2 * SECOND, inTry(1, false));
    expect(slowMs).toBeGreaterThan(700);
    expect(slowMs).toBeLessThan(1000);
    expect(waitForTry(quick, 2 * SECOND, inTry(2, false))).toBe(600);
    expect(waitForTry(quick, 2 * SECOND, inTry(1, false, 0.999))).toBeLessThan(375);
    expect(waitForTry(quick, 2 * SECOND, inTry(9, false, 0.5))).toBe(2 * SECOND);
  });

  it('of the last try is the whole configured time', () => {
    const quick = learnRtt(NO_RTT, 2);
    expect(waitForTry(quick, 2 * SECOND, inTry(1, true, 0.7))).toBe(2 * SECOND);
  });
});

describe('the window of a receive buffer', () => {
  const request = (
    owner: object,
    chargeBytes: number,
    gone: string[],
    name: string,
  ): Departure => ({
    owner,
    chargeBytes,
    isWanted: () => !name.startsWith('aborted'),
    depart: () => gone.push(name),
  });

  it('lets out what fits, then one request of each owner in turn', () => {
    const gone: string[] = [];
    const window = new ReceiveWindow(0);
    const [a, b] = [{}, {}];
    for (const name of ['a1', 'a2', 'a3', 'aborted-a', 'a4'])
      window.enter(request(a, 10, gone, name));
    for (const name of ['b1', 'b2']) window.enter(request(b, 10, gone, name));
    expect(gone).toEqual([]);
    window.setLimit(25);
    expect(gone).toEqual(['a1', 'b1']);
    for (let count = 0; count < 4; count += 1) window.leave(10);
    expect(gone).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'a4']);
  });

  it('gives a reply that is larger than itself all its room', () => {
    const gone: string[] = [];
    const window = new ReceiveWindow(25);
    window.enter(request({}, 10, gone, 'small'));
    window.enter(request({}, 100, gone, 'large'));
    window.enter(request({}, 10, gone, 'later'));
    expect(gone).toEqual(['small']);
    window.leave(10);
    expect(gone).toEqual(['small', 'large']);
    window.leave(100);
    expect(gone).toEqual(['small', 'large', 'later']);
  });

  it('counts the frames of a reply', () => {
    expect(chargeOfReply(0)).toBe(2304);
    expect(chargeOfReply(1472)).toBe(2304);
    expect(chargeOfReply(1473)).toBe(2304);
    expect(chargeOfReply(60_000)).toBe(41 * 2304);
  });
});

describe('what the kernel dropped', () => {
  const HEAD =
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n';
  const line = (address: string, port: number, drops: number) =>
    `  309: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 185763 2 00000000e6b4cb38 ${drops}        \n`;

  it('is counted for our ports only, once, and from 0 for a port that is taken anew', () => {
    let text: string | null = null;
    const paths: string[] = [];
    const drops = new DropsCount((path) => {
      paths.push(path);
      return text;
    });
    expect(drops.fresh('IPv4', [40_000])).toBe(0);
    text =
      HEAD + line('00000000', 40_000, 5) + line('0100007F', 40_001, 70) + line('00000000', 53, 9);
    expect(drops.fresh('IPv4', [40_000, 40_001])).toBe(5);
    expect(drops.fresh('IPv4', [40_000, 40_001])).toBe(0);
    text = HEAD + line('00000000', 40_000, 12);
    expect(drops.fresh('IPv4', [40_000])).toBe(7);
    text = HEAD + line('00000000', 40_000, 2);
    expect(drops.fresh('IPv4', [40_000])).toBe(2);
    text = HEAD + line('0'.repeat(32), 40_000, 3);
    expect(drops.fresh('IPv6', [40_000])).toBe(3);
    expect(drops.fresh('IPv6', [])).toBe(0);
    expect(new Set(paths)).toEqual(new Set(['/proc/net/udp', '/proc/net/udp6']));
  });

  it('is nothing where the table is not as expected', () => {
    const drops = new DropsCount(() => `${HEAD}rubbish\n  1: 00000000:9C40 x\n`);
    expect(drops.fresh('IPv4', [40_000])).toBe(0);
  });
});

describe('addresses', () => {
  it('are compared in one spelling', () => {
    expect(comparableAddress('0:0::1')).toBe('::1');
    expect(comparableAddress('FE80::1%eth0')).toBe('fe80::1');
    expect(comparableAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(familyOf('::ffff:192.0.2.1')).toBe('IPv4');
    expect(familyOf('2001:db8::1')).toBe('IPv6');
  });
});
