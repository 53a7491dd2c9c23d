/** What one answering address told of the device behind it. Texts are cleaned (`deviceText`). */
export interface DeviceFacts {
  readonly address: string;
  readonly port: number;
  readonly credentialId: string;
  readonly sysObjectId: string;
  readonly sysDescr: string;
  readonly sysName: string;
  readonly sysLocation: string;
  /** RFC 3418: the sum of 2^(layer − 1) of the layers it serves; null when it does not tell. */
  readonly sysServices: number | null;
  /** IP-MIB ipForwarding. */
  readonly isForwarding: boolean | null;
  /** BRIDGE-MIB dot1dBaseNumPorts. */
  readonly bridgePorts: number;
  /** snmpEngineID in hexadecimal (RFC 3411 §5); null when it does not tell. */
  readonly engineId: string | null;
  /** Its own addresses, without those that every device has (loopback, link-local). */
  readonly ownAddresses: readonly string[];
  /** Those of them on a loopback interface: they stay when a port goes down. */
  readonly loopbackAddresses: readonly string[];
  readonly ports: readonly PortNames[];
  /** lldpLocChassisId, comparable (`aa:bb:…` for a MAC address); null without LLDP. */
  readonly chassisId: string | null;
  readonly neighbours: readonly NeighbourFacts[];
  /** Why it is taken for a power system; null when it is not. */
  readonly power: string | null;
  /** Names that people gave to outlets, or wrote as what hangs on the output. */
  readonly outlets: readonly OutletFacts[];
}

export interface PortNames {
  readonly index: string;
  /** ifName, or ifDescr where there is none: what the port is called everywhere. */
  readonly name: string;
  readonly descr: string;
  readonly alias: string;
  /** `aa:bb:cc:dd:ee:ff`; null when it has none. */
  readonly mac: string | null;
}

/** A device that LLDP or CDP saw at one of the ports. */
export interface NeighbourFacts {
  readonly protocol: 'lldp' | 'cdp';
  /** Name of the own port; null when the device did not say which one. */
  readonly localPort: string | null;
  /** As `DeviceFacts.chassisId`. */
  readonly chassisId: string | null;
  readonly sysName: string;
  /** The other end's port as it calls it: a name, a MAC address, or what its MIB says. */
  readonly remotePort: string;
  readonly addresses: readonly string[];
  /** What it is, for people. */
  readonly description: string;
}

export interface OutletFacts {
  readonly outlet: string;
  readonly label: string;
}
