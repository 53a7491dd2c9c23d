// Copies a configuration folder and sets what differs inside a container: the service is reached
// through a published port, so it listens on every address of the container, and the journal lies in
// the volume. Usage: node scripts/container-config.mjs FROM TO
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

const PORT = 9909;

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  console.error('usage: node scripts/container-config.mjs FROM TO');
  process.exit(2);
}

cpSync(from, to, { recursive: true });
const path = join(to, 'threenines.yaml');
const document = parseDocument(readFileSync(path, 'utf8'));
document.set('listen', `0.0.0.0:${PORT}`);
document.set('allowRemote', true);
document.set('consoleUrl', `http://127.0.0.1:${PORT}`);
document.set('dataFolder', '/var/lib/threenines');
writeFileSync(path, String(document));
