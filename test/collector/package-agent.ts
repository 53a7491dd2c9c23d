import dgram from 'node:dgram';
import { once } from 'node:events';
import { createRequire } from 'node:module';

/** What is used of the `net-snmp` package's own agent. */
interface Package {
  createAgent(options: object, callback: (error: Error | null) => void): PackageAgent;
  readonly MibProviderType: Readonly<Record<string, number>>;
  readonly ObjectType: Readonly<Record<string, number>>;
  readonly MaxAccess: Readonly<Record<string, number>>;
}

interface PackageAgent {
  getAuthorizer(): { addCommunity(community: string): void };
  getMib(): Mib;
  registerProvider(provider: object): void;
  close(): void;
}

interface Mib {
  setScalarValue(name: string, value: unknown): void;
  addTableRow(name: string, row: readonly unknown[]): void;
}

const snmp = createRequire(import.meta.url)('net-snmp') as Package;

export interface TestAgent extends Disposable {
  readonly port: number;
}

/** The package's agent with a system group and two ports, community `public`. */
export async function startPackageAgent(): Promise<TestAgent> {
  const socket = dgram.createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  const agent = snmp.createAgent({ port, address: '127.0.0.1' }, () => {});
  agent.getAuthorizer().addCommunity('public');
  const scalar = (name: string, oid: string, scalarType: number | undefined, value: unknown) => {
    agent.registerProvider({
      name,
      type: snmp.MibProviderType.Scalar,
      oid,
      scalarType,
      maxAccess: snmp.MaxAccess['read-only'],
    });
    agent.getMib().setScalarValue(name, value);
  };
  const { OctetString, TimeTicks, OID, Integer } = snmp.ObjectType;
  scalar('sysDescr', '1.3.6.1.2.1.1.1', OctetString, 'Test agent');
  scalar('sysObjectID', '1.3.6.1.2.1.1.2', OID, '1.3.6.1.4.1.9.1.1');
  scalar('sysUpTime', '1.3.6.1.2.1.1.3', TimeTicks, 4_294_967_290);
  scalar('sysName', '1.3.6.1.2.1.1.5', OctetString, 'package-agent');
  agent.registerProvider({
    name: 'ifTable',
    type: snmp.MibProviderType.Table,
    oid: '1.3.6.1.2.1.2.2.1',
    maxAccess: snmp.MaxAccess['not-accessible'],
    tableColumns: [
      { number: 1, name: 'ifIndex', type: Integer, maxAccess: snmp.MaxAccess['read-only'] },
      { number: 2, name: 'ifDescr', type: OctetString, maxAccess: snmp.MaxAccess['read-only'] },
      { number: 7, name: 'ifAdminStatus', type: Integer, maxAccess: snmp.MaxAccess['read-only'] },
      { number: 8, name: 'ifOperStatus', type: Integer, maxAccess: snmp.MaxAccess['read-only'] },
    ],
    tableIndex: [{ columnName: 'ifIndex' }],
  });
  agent.getMib().addTableRow('ifTable', [1, 'eth0', 1, 1]);
  agent.getMib().addTableRow('ifTable', [2, 'eth1', 1, 2]);
  return { port, [Symbol.dispose]: () => agent.close() };
}
