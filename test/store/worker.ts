/** A process of its own for crash.test.ts: makes `count` changes to a state file, and says of each when it is saved. */
import { writeSync } from 'node:fs';
import { FileBackend } from '../../src/store/backend/file.js';
import { put, thing, thinTurn } from '../cluster/thin.js';

const [file, name, count] = process.argv.slice(2) as [string, string, string];
const turn = thinTurn(new FileBackend(file));
for (let i = 0; i < Number(count); i++) {
  await put(turn, thing('Pod', `${name}-${i}`, { spec: { node: 'podsim-worker' }, status: { phase: 'Running', since: i } }));
  writeSync(1, `${name}-${i}\n`);
}
