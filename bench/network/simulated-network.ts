import { setPriority } from 'node:os';
import { SECOND } from '../../lib/time.ts';
import { type Server, startServer } from '../processes.ts';
import { compileC, OTHER_CORE } from '../programs.ts';

/** Thousands of SNMP devices on loopback: every address of 127/8 at one port. */
export interface SimulatedNetwork extends AsyncDisposable {
  readonly port: number;
  /** Those that were to fall silent do so now. */
  fall(): void;
}

export interface SimulatedNetworkOptions {
  /** Whether devices have a UPS-MIB beside their ports. */
  readonly hasUps: boolean;
  /** Each K-th address never answers; 0: all answer. */
  readonly deadEvery: number;
  /** Each K-th address stops to answer at `fall`; left out: none. */
  readonly silentEvery?: number;
  /** It ends by itself after this long, whatever becomes of the bench; left out: 300. */
  readonly lifeSeconds?: number;
}

const LIFE_SECONDS = 300;
const PRIORITY = -10;

/** Compiles and starts the agent on the core that is not measured; or says what is missing. */
export async function startSimulatedNetwork(
  folder: string,
  options: SimulatedNetworkOptions = { hasUps: false, deadEvery: 0 },
): Promise<SimulatedNetwork | { readonly why: string }> {
  const { hasUps, deadEvery, silentEvery = 0, lifeSeconds = LIFE_SECONDS } = options;
  const source = new URL('./agent-sim.c', import.meta.url).pathname;
  const compiled = compileC(source, folder);
  if (!compiled.ok) return { why: compiled.why };
  const kinds = ['-u', hasUps ? '1' : '0', '-x', `${deadEvery}`, '-s', `${silentEvery}`];
  const args = ['-p', '0', ...kinds, '-t', `${lifeSeconds}`];
  let server: Server;
  try {
    server = await startServer(compiled.path, args, /listening (\d+)/, {
      core: OTHER_CORE,
      timeoutMs: lifeSeconds * SECOND,
    });
  } catch (error) {
    return { why: `the simulated network does not start: ${error}` };
  }
  preferIt(server.pid);
  return {
    port: Number(server.ready[1]),
    fall: () => process.kill(server.pid, 'SIGUSR1'),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A poller that waits for the agent wakes up for every single answer, which costs it more: the agent goes before others on its core. */
function preferIt(pid: number): void {
  try {
    setPriority(pid, PRIORITY);
  } catch {
    // Only the superuser may; others have figures with more noise.
  }
}
