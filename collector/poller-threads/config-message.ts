import type { Config, Credential, Device, PollingConfig, Secret } from '../../config/model.ts';
import type { Profile } from '../../config/profile.ts';
import { createSecret } from '../../config/secret.ts';
import { namedPortsOf } from '../named-ports.ts';

/**
 * What a poller thread needs of the configuration, as a message can carry it: secrets as what they
 * are, because a message has no functions. It goes to a thread and nowhere else; no log, no error
 * and no answer may hold it.
 */
export interface ConfigMessage {
  readonly polling: PollingConfig;
  readonly devices: readonly Device[];
  readonly credentials: readonly PlainCredential[];
  readonly profiles: readonly Profile[];
}

interface PlainSecret {
  readonly source: string;
  readonly value: string;
}

type Plain<Part> = {
  readonly [Key in keyof Part]: Part[Key] extends Secret | null
    ? PlainSecret | (null extends Part[Key] ? null : never)
    : Part[Key];
};
type PlainCredential =
  | Plain<Extract<Credential, { version: 'v1' | 'v2c' }>>
  | Plain<Extract<Credential, { version: 'v3' }>>;

/** 32-bit FNV-1a. */
const HASH_BASIS = 0x811c9dc5;
const HASH_PRIME = 0x01000193;

/** Which of `count` threads polls a device: always the same one, whatever other devices there are. */
export function threadOf(deviceId: string, count: number): number {
  let hash = HASH_BASIS;
  for (let at = 0; at < deviceId.length; at += 1) {
    hash = Math.imul(hash ^ deviceId.charCodeAt(at), HASH_PRIME);
  }
  return (hash >>> 0) % count;
}

/** The messages for `count` threads, each with the devices it polls. `profiles` are used where the configuration names none. */
export function configMessages(
  config: Config,
  profiles: readonly Profile[],
  count: number,
): readonly ConfigMessage[] {
  const shares = Array.from({ length: count }, (): Device[] => []);
  for (const device of config.devices) {
    // A thread does not know the devices of the others: which ports lead to them is said here.
    const importantPorts = [...namedPortsOf(config, device)];
    shares[threadOf(device.id, count)]!.push({ ...device, parents: [], importantPorts });
  }
  const concurrency = Math.ceil(config.polling.concurrency / count);
  return shares.map((devices) => {
    const used = new Set(devices.map(({ credentialId }) => credentialId));
    return {
      polling: { ...config.polling, concurrency },
      devices,
      credentials: [...config.credentials.values()].filter(({ id }) => used.has(id)).map(toPlain),
      profiles: config.profiles.length > 0 ? config.profiles : profiles,
    };
  });
}

/** The configuration as a collector in the thread sees it. It looks at no other part. */
export function configOf(message: ConfigMessage): Config {
  const { polling, devices, profiles } = message;
  const credentials = new Map(message.credentials.map((plain) => [plain.id, fromPlain(plain)]));
  const part: Pick<Config, 'polling' | 'devices' | 'links' | 'profiles' | 'credentials'> = {
    polling,
    devices,
    links: [],
    profiles,
    credentials,
  };
  return part as Config;
}

function toPlain(credential: Credential): PlainCredential {
  if (credential.version !== 'v3')
    return { ...credential, community: plainSecret(credential.community) };
  const { authenticationPassword, privacyPassword } = credential;
  return {
    ...credential,
    authenticationPassword: authenticationPassword && plainSecret(authenticationPassword),
    privacyPassword: privacyPassword && plainSecret(privacyPassword),
  };
}

function plainSecret(secret: Secret): PlainSecret {
  return { source: secret.source, value: secret.reveal() };
}

function fromPlain(plain: PlainCredential): Credential {
  if (plain.version !== 'v3') return { ...plain, community: secretOf(plain.community) };
  const { authenticationPassword, privacyPassword } = plain;
  return {
    ...plain,
    authenticationPassword: authenticationPassword && secretOf(authenticationPassword),
    privacyPassword: privacyPassword && secretOf(privacyPassword),
  };
}

function secretOf({ source, value }: PlainSecret): Secret {
  return createSecret(source, value);
}
