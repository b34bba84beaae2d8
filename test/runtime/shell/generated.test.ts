/** Generated scripts never crash or hang the interpreter, and never reach the machine. PODSIM_SCRIPTS says how many (default 300). */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { runScript } from './host.js';
import { script } from './scripts.js';

vi.mock('node:fs', () => forbidden('node:fs'));
vi.mock('node:net', () => forbidden('node:net'));
vi.mock('node:http', () => forbidden('node:http'));
vi.mock('node:child_process', () => forbidden('node:child_process'));

/** A module that throws whatever is asked of it. */
function forbidden(name: string): object {
  const refuse = (): never => {
    throw new Error(`${name} is out of bounds`);
  };
  return new Proxy({}, { get: (_, key) => (key === 'then' ? undefined : refuse), has: () => true });
}

test('generated scripts', () => {
  const numRuns = Number(process.env['PODSIM_SCRIPTS'] ?? 300);
  fc.assert(
    fc.property(fc.constantFrom('ash', 'dash', 'bash'), script, (flavour, source) => {
      const { code } = runScript(flavour, [flavour === 'bash' ? 'bash' : 'sh', '-c', source], { until: 60_000, turns: 6 });
      expect(code === undefined || (Number.isInteger(code) && code >= 0 && code <= 255)).toBe(true);
    }),
    { numRuns, seed: 1 },
  );
}, 600_000);
