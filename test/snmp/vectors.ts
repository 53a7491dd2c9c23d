import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Messages of other implementations, beside the checkout; not part of it. */
const FOLDER = fileURLToPath(new URL('../../../shared/vectors', import.meta.url));

/** Tests over the vectors are left out where the folder is absent. */
export const withoutVectors = !existsSync(FOLDER);
if (withoutVectors)
  console.warn('no folder of vectors beside the checkout: tests over it are left out');

export interface VectorVarbind {
  readonly oid: string;
  readonly type: string;
  readonly value: string | null;
}

export interface VectorPdu {
  readonly type: string;
  readonly requestId?: number;
  readonly errorStatus?: number;
  readonly errorIndex?: number;
  readonly nonRepeaters?: number;
  readonly maxRepetitions?: number;
  readonly enterprise?: string;
  readonly agentAddr?: string;
  readonly genericTrap?: number;
  readonly specificTrap?: number;
  readonly timestamp?: string;
  readonly varbinds: readonly VectorVarbind[];
}

export interface VectorFacts {
  readonly version?: number;
  readonly community?: string;
  readonly pdu?: VectorPdu;
  readonly msgId?: number;
  readonly maxSize?: number;
  readonly flags?: number;
  readonly securityModel?: number;
  readonly usm?: {
    readonly engineId: string;
    readonly boots: number;
    readonly time: number;
    readonly user: string;
    readonly authParams: string;
    readonly privParams: string;
  };
  readonly scoped?: {
    readonly contextEngineId: string;
    readonly contextName: string;
    readonly pdu: VectorPdu;
  };
  readonly encrypted?: string;
  readonly note?: string;
}

export interface MessageVector {
  readonly id: string;
  readonly kind: string;
  readonly hex: string;
  readonly verdict: 'accept' | 'reject' | 'either' | 'reject-auth';
  readonly expect?: VectorFacts;
  readonly expectIfAccepted?: VectorFacts;
  readonly kindNote?: string;
  readonly credentials?: {
    readonly auth: string;
    readonly authPassword: string;
    readonly priv: string | null;
    readonly privPassword: string | null;
  };
}

export interface KeyVector {
  readonly id: string;
  readonly auth: string;
  readonly password: string;
  readonly engineId: string;
  readonly ku?: string;
  readonly kul?: string;
  readonly priv?: string;
  readonly privKey?: string;
}

/** The cases of one file; none where the folder is absent. */
export function readVectors<T = MessageVector>(file: string): readonly T[] {
  if (withoutVectors) return [];
  return (JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as { cases: T[] }).cases;
}
