import type { HostileMode } from '../agent.ts';
import { encodeAnswer } from '../ask.ts';
import { integer, octetString, timeTicks } from '../ber.ts';
import {
  counter32,
  counter64,
  gauge32,
  type HonestDevice,
  OBJECT,
  removePorts,
  setPort,
} from '../honest-device.ts';
import { changing, doing, honestly, knowing, rightReply } from '../saying.ts';

/** Between what it is asked and what it gives. */
export const DRIP_MS = 60;
const GROWTH_MS = 40;
const WORK_MS = 25;
const PORTS = 4;
const TWO_TO_32 = 4_294_967_296n;
const LAST_TICKS = 4_294_967_295;
/** What a port of 1 Gb/s counts in 90 s at half load, and a little more. */
const BEFORE_WRAP = 4_000_000_000n;
const STANDING = 10_000_000n;
const SMALL_DECREASE = 1_000n;
const JITTER_TICKS = 300;

/** Text that means something to whoever shows it without care. */
export const HOSTILE_TEXTS: readonly (string | Buffer)[] = [
  '<script>alert(1)</script><img src=x onerror=alert(2)>',
  '\u001b[2J\u001b[31mred\u0007\u0000end',
  Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0x41]),
  'right\u202eto\u2066left\u200b',
  '=HYPERLINK("http://192.0.2.1","x")',
  '"} 1\nfake_metric{a="b',
  '{"level":50,"msg":"forged"}\n{"level":30}',
];

/** Row 22: when it answers. Row 23: which rows there are. Rows 24 and 25: what numbers say. Row 26: what texts say. */
export const DEVICE_MODES: readonly HostileMode[] = [
  doing({ row: 22, name: 'drip', does: 'gives one object at a time, slowly' }, (stage) => (ask) => {
    const answer = honestly(stage, ask);
    const isBulk = ask.question.operation === 'get-bulk';
    const objects = answer.objects.slice(0, isBulk ? 1 : undefined);
    const octets = encodeAnswer(ask, { ...answer, objects });
    stage.voice.after(DRIP_MS, () => stage.voice.send(ask, octets));
  }),
  doing({ row: 22, name: 'ever-slower', does: 'takes longer each time' }, (stage) => (ask) => {
    const octets = rightReply(stage, ask);
    stage.voice.after(ask.number * GROWTH_MS, () => stage.voice.send(ask, octets));
  }),
  doing({ row: 22, name: 'one-at-a-time', does: 'loses what comes while it works' }, (stage) => {
    let isBusy = false;
    return (ask) => {
      if (isBusy) return;
      isBusy = true;
      const octets = rightReply(stage, ask);
      stage.voice.after(WORK_MS, () => {
        isBusy = false;
        stage.voice.send(ask, octets);
      });
    };
  }),
  knowing(
    { row: 23, name: 'sparse', does: 'has holes in its tables' },
    ({ device: { objects } }) => {
      objects.delete(`${OBJECT.ifHCInOctets}.1`);
      objects.delete(`${OBJECT.ifOperStatus}.2`);
      objects.delete(`${OBJECT.ifName}.3`);
      objects.delete(`${OBJECT.ifAlias}.4`);
    },
  ),
  changing({ row: 23, name: 'renumbered', does: 'numbers its ports anew' }, ({ device }, phase) => {
    removePorts(device);
    for (let port = 1; port <= PORTS; port += 1) {
      setPort(device, ((port + phase) % PORTS) + 1 + phase * 10, `Gi0/${port}`);
    }
  }),
  changing(
    { row: 24, name: 'reset', does: 'restarts its counters without a word' },
    (stage, phase) => {
      const { device } = stage;
      const from = phase === 0 ? 0n : device.receivedOctets();
      count(device, () => device.receivedOctets() - from, 64);
    },
  ),
  knowing({ row: 24, name: 'wrap', does: 'has counters of 32 bits that wrap' }, ({ device }) => {
    device.objects.deleteBelow(OBJECT.ifXTable);
    count(device, () => (device.receivedOctets() + BEFORE_WRAP) % TWO_TO_32, 32);
  }),
  changing({ row: 24, name: 'jitter', does: 'has a clock that jumps about' }, (stage, phase) => {
    const { device } = stage;
    const jitter = phase % 2 === 0 ? 0 : JITTER_TICKS;
    device.objects.set(OBJECT.sysUpTime, () => timeTicks(device.uptimeTicks() - jitter));
  }),
  changing({ row: 24, name: 'small-decrease', does: 'counts back a little' }, (stage, phase) => {
    const value = phase % 2 === 0 ? STANDING : STANDING - SMALL_DECREASE;
    count(stage.device, () => value, 64);
  }),
  changing({ row: 24, name: 'uptime-wraps', does: 'is up for 497 days' }, ({ device }, phase) => {
    const started = device.uptimeTicks();
    device.objects.set(OBJECT.sysUpTime, () => {
      const since = device.uptimeTicks() - started;
      return timeTicks(phase === 0 ? LAST_TICKS - 1_000 + Math.min(since, 1_000) : 4_000 + since);
    });
  }),
  knowing(
    { row: 25, name: 'sentinels', does: 'sends the numbers that mean nothing' },
    ({ device }) => {
      const { objects } = device;
      for (const column of [OBJECT.ifHCInOctets, OBJECT.ifHCOutOctets]) {
        for (const name of objects.below(column)) objects.set(name, counter64(2n ** 64n - 1n));
      }
      for (const column of [OBJECT.ifInOctets, OBJECT.ifOutOctets]) {
        for (const name of objects.below(column)) objects.set(name, counter32(TWO_TO_32 - 1n));
      }
      for (const name of objects.below(OBJECT.ifSpeed)) objects.set(name, gauge32(4_294_967_295));
      for (const name of objects.below(OBJECT.ifHighSpeed))
        objects.set(name, gauge32(4_294_967_295));
      objects.set(OBJECT.upsCharge, integer(255));
      objects.set(OBJECT.upsMinutesRemaining, integer(-1));
      objects.set(OBJECT.upsBatteryTemperature, integer(-1024));
    },
  ),
  knowing(
    { row: 25, name: 'unknown-enums', does: 'is in states that nobody knows' },
    ({ device }) => {
      const { objects } = device;
      for (const name of objects.below(OBJECT.ifOperStatus)) objects.set(name, integer(99));
      objects.set(OBJECT.upsBatteryStatus, integer(99));
      objects.set(OBJECT.upsOutputSource, integer(-7));
    },
  ),
  knowing({ row: 26, name: 'hostile-texts', does: 'is named to be misread' }, ({ device }) => {
    removePorts(device);
    for (const [place, text] of HOSTILE_TEXTS.entries()) {
      setPort(device, place + 1, 'x');
      for (const column of [OBJECT.ifName, OBJECT.ifDescr, OBJECT.ifAlias]) {
        device.objects.set(`${column}.${place + 1}`, octetString(text as string));
      }
    }
    device.objects.set(OBJECT.sysName, octetString(HOSTILE_TEXTS.filter(isText).join(' ')));
  }),
  knowing({ row: 26, name: 'equal-names', does: 'gives all ports one name' }, ({ device }) => {
    for (let port = 1; port <= PORTS; port += 1) setPort(device, port, 'Gi0/1');
  }),
  changing({ row: 26, name: 'ever-new-names', does: 'renames its ports' }, ({ device }, phase) => {
    removePorts(device);
    for (let port = 1; port <= PORTS; port += 1) {
      const index = phase * PORTS + port;
      setPort(device, index, `${phase}/${port}`);
    }
  }),
];

const isText = (text: string | Buffer): text is string => typeof text === 'string';

/** Makes every octet counter of the ports say what `value` says. */
function count({ objects }: HonestDevice, value: () => bigint, bits: 32 | 64): void {
  const wide = [OBJECT.ifHCInOctets, OBJECT.ifHCOutOctets];
  const narrow = [OBJECT.ifInOctets, OBJECT.ifOutOctets];
  for (const column of bits === 64 ? wide : []) {
    for (const name of objects.below(column)) objects.set(name, () => counter64(value()));
  }
  for (const column of narrow) {
    for (const name of objects.below(column)) {
      objects.set(name, () => counter32(value() % TWO_TO_32));
    }
  }
}
