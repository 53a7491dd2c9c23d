import { type LocalText, say } from '../lib/local-text.ts';
import type { Role } from './model.ts';

/** What people call a role, wherever they read of it. */
export const ROLE_NAMES: Readonly<Record<Role, LocalText>> = {
  core: say('core', '核心'),
  aggregation: say('aggregation', '汇聚'),
  access: say('access', '接入'),
  power: say('power', '电源'),
  server: say('server', '服务器'),
  cpe: say('customer equipment', '用户端'),
};

/** From the most important one down; power systems and servers say nothing about what a site is. */
export const ROLE_ORDER: readonly Role[] = [
  'core',
  'aggregation',
  'access',
  'cpe',
  'server',
  'power',
];
