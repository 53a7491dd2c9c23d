import { InternPool } from './plan/intern-pool.ts';
import { createPortRegistry, type KnownPort, type PortRegistry } from './port-identity.ts';
import { shareTexts } from './shared-texts.ts';

/** A registry in columns, by port: devices of one kind share most of them. */
interface PackedRegistry {
  readonly labels: readonly string[];
  readonly indexes: readonly string[];
  readonly names: readonly string[];
  readonly descrs: readonly string[];
  readonly macs: readonly string[];
  readonly aliases: readonly string[];
  /** Empty: not told. */
  readonly types: readonly string[];
  readonly slots: Slots;
  readonly freeSlots: readonly number[];
}

/** Places in `RateMemory`, by port or by row. */
export type Slots = Uint16Array | Uint32Array;

const MOST_SHORT_SLOTS = 2 ** 16;
const NO_SLOTS: readonly number[] = [];
const pool = new InternPool<Slots>((slots) => [slots]);

/** The slots of these ports; devices share them, for mostly they are 0, 1, 2 and so on. */
export function slotsOf(ports: readonly KnownPort[]): Slots {
  const slots = ports.map(({ slot }) => slot);
  const isShort = slots.every((slot) => slot < MOST_SHORT_SLOTS);
  return pool.share(isShort ? Uint16Array.from(slots) : Uint32Array.from(slots));
}

/** The port registry of one device: packed from the end of a poll on, until somebody asks for it. */
export class KeptRegistry {
  #registry: PortRegistry | null = null;
  #packed: PackedRegistry | null = null;
  #slotCount = 0;

  /** To be read and changed until `rest`. */
  get registry(): PortRegistry {
    this.#registry ??=
      this.#packed === null ? createPortRegistry() : unpack(this.#packed, this.#slotCount);
    return this.#registry;
  }

  /** How many slots its ports have, without unpacking it. */
  get slotCount(): number {
    return this.#registry?.slotCount ?? this.#slotCount;
  }

  /**
   * Packs it: what `registry` gave before is no longer kept. One with ports that are gone stays as it
   * is: where ports come and go it would be packed in vain.
   */
  rest(): void {
    if (this.#registry === null || this.#registry.ports.some(isGone)) return;
    this.#slotCount = this.#registry.slotCount;
    this.#packed = pack(this.#registry);
    this.#registry = null;
  }
}

const isGone = ({ absentSinceMs }: KnownPort) => absentSinceMs !== null;

function pack({ ports, freeSlots }: PortRegistry): PackedRegistry {
  const texts = (textOf: (port: KnownPort) => string) => shareTexts(ports.map(textOf));
  return {
    labels: texts(({ label }) => label),
    indexes: texts(({ facts }) => facts.index),
    names: texts(({ facts }) => facts.name),
    descrs: texts(({ facts }) => facts.descr),
    macs: texts(({ facts }) => facts.mac),
    aliases: texts(({ facts }) => facts.alias),
    types: texts(({ facts }) => (facts.type === null ? '' : String(facts.type))),
    slots: slotsOf(ports),
    freeSlots: freeSlots.length === 0 ? NO_SLOTS : freeSlots,
  };
}

function unpack(packed: PackedRegistry, slotCount: number): PortRegistry {
  const ports = packed.labels.map((label, place): KnownPort => {
    const type = packed.types[place]!;
    return {
      slot: packed.slots[place]!,
      label,
      facts: {
        index: packed.indexes[place]!,
        name: packed.names[place]!,
        descr: packed.descrs[place]!,
        mac: packed.macs[place]!,
        alias: packed.aliases[place]!,
        type: type === '' ? null : Number(type),
      },
      absentSinceMs: null,
    };
  });
  return { ports, freeSlots: [...packed.freeSlots], slotCount };
}
