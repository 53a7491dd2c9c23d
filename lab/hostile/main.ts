import dgram from 'node:dgram';
import { systemClock } from '../../lib/clock.ts';
import { seededRandom } from '../../lib/random.ts';
import { startHostileAgent } from './agent.ts';
import { HOSTILE_MODES } from './catalog.ts';
import { V3_USER } from './v3-engine.ts';

/**
 * `node lab/hostile/main.ts [SEED]`: one agent in every mode, until interrupted. Writes the devices as
 * a configuration has them, so that any collector can be shown to all of them at once.
 */
const seed = Number(process.argv[2] ?? 1);
const CREDENTIALS = `credentials:
  - { id: hostile-v1, version: v1, community: plain:public }
  - { id: hostile-v2c, version: v2c, community: plain:public }
  - id: hostile-v3
    version: v3
    user: ${V3_USER.name}
    authentication: ${V3_USER.authentication}
    authenticationPassword: plain:${V3_USER.authenticationPassword}
    privacy: ${V3_USER.privacy}
    privacyPassword: plain:${V3_USER.privacyPassword}
sites: [{ id: hostile, name: Hostile agents }]
devices:
`;

const world = { clock: systemClock, random: seededRandom(seed), network: dgram };
process.stdout.write(CREDENTIALS);
for (const mode of HOSTILE_MODES) {
  const { address, port } = await startHostileAgent({ ...world, mode });
  process.stdout.write(
    `  - { id: ${mode.name}, name: ${JSON.stringify(mode.does)}, address: ${address}, port: ${port}, site: hostile, role: access, credential: hostile-${mode.speaks} }\n`,
  );
}
