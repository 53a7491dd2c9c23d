import { parentPort } from 'node:worker_threads';
import type { ToThread } from '../../collector/poller-threads/messages.ts';
import '../../app/poller-thread.ts';

parentPort!.on('message', (message: ToThread) => {
  if (message.kind !== 'ask' || message.question.kind !== 'snmp') return;
  if (message.question.modules.includes('crash')) throw new Error('a defect on purpose');
  if (message.question.modules.includes('hang')) for (;;);
});
