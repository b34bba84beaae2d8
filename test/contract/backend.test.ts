import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { FileBackend } from '../../src/store/backend/file.js';
import { MemoryBackend } from '../../src/store/backend/memory.js';
import { backendContract } from './backend.js';

const directory = mkdtempSync(join(tmpdir(), 'podsim-backend-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;

backendContract(
  'memory',
  () => {
    const backend = new MemoryBackend();
    return { open: () => backend };
  },
  // One object is one process: nobody else can ask for it.
  { shared: false },
);
backendContract(
  'file',
  () => {
    const file = join(directory, `new/${files++}.json`);
    return { open: () => new FileBackend(file) };
  },
  { shared: true },
);
