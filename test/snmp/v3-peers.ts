import { newBerWriter, startWriting, writtenOctets } from '../../collector/snmp/ber-writer.ts';
import { writePdu } from '../../collector/snmp/encode-pdu.ts';
import type { Pdu } from '../../collector/snmp/pdu-object.ts';
import { writeScopedFrame } from '../../collector/snmp/request-template.ts';
import type { EngineTime } from '../../collector/snmp/usm/engine-clock.ts';
import type { Privacy } from '../../collector/snmp/usm/protocols.ts';
import { newSalts } from '../../collector/snmp/usm/salts.ts';
import { sealMessage } from '../../collector/snmp/usm/seal-message.ts';
import { newKeyStore, type UsmKeys, type UsmUser } from '../../collector/snmp/usm/user-keys.ts';
import type { AuthenticationProtocol } from '../../config/model.ts';
import { seededRandom } from '../../lib/random.ts';

export const AUTHENTICATION_PASSWORD = 'authentication pass';
export const PRIVACY_PASSWORD = 'privacy pass phrase';
export const USER_NAME = 'monitor';

export const store = newKeyStore(seededRandom(7));
export const salts = newSalts(seededRandom(8));
export const NO_KEYS: UsmKeys = { digest: null, cipher: null };

const inner = newBerWriter(65_507);
const outer = newBerWriter(65_507);

/** The user `monitor` with the protocols given. */
export function userWith(
  authentication: AuthenticationProtocol | null,
  privacy: Privacy | null,
  name: string = USER_NAME,
): UsmUser {
  return store.user({
    name,
    authentication: authentication && {
      protocol: authentication,
      password: Buffer.from(AUTHENTICATION_PASSWORD),
    },
    privacy: privacy && { protocol: privacy, password: Buffer.from(PRIVACY_PASSWORD) },
  });
}

export interface Sealing {
  readonly messageId: number;
  readonly flags: number;
  readonly engineId: Uint8Array;
  readonly time: EngineTime;
  readonly userName: Uint8Array;
  readonly keys: UsmKeys;
  readonly contextEngineId?: Uint8Array;
  readonly contextName?: string;
}

/** A whole v3 message around a PDU, as an agent or a trap sender would make it. */
export function seal(pdu: Pdu, sealing: Sealing): Buffer {
  startWriting(inner);
  if (writePdu(inner, pdu) !== null) throw new Error('the PDU cannot be written');
  const context = Buffer.from(sealing.contextName ?? '');
  writeScopedFrame(inner, sealing.contextEngineId ?? sealing.engineId, context);
  if (!sealMessage(outer, writtenOctets(inner), sealing, salts))
    throw new Error('cannot be sealed');
  return Buffer.from(writtenOctets(outer));
}
