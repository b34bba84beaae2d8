/** Generated scripts never crash or hang the interpreter, and never reach the machine. PODSIM_SCRIPTS says how many (default 300). */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { runScript } from './host.js';
import { script } from './scripts.js';

vi.mock('node:fs', () => forbidden('node:fs'));
vi.mock('node:net', () => forbidden('node:net'));
vi.mock('node:http', () => forbidden('node:http'));
vi.mock('node:child_process', () => forbidden('node:child_process'));
vi.mock('node:fs/promises', () => forbidden('node:fs/promises'));
vi.mock('node:https', () => forbidden('node:https'));
vi.mock('node:dgram', () => forbidden('node:dgram'));
vi.mock('node:dns', () => forbidden('node:dns'));
vi.mock('node:worker_threads', () => forbidden('node:worker_threads'));

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
}, 3_600_000);

test('a script that forks without end is ended as out of memory, and says so', () => {
  const { output, code } = runScript('ash', ['sh', '-c', 'b() { b | b & }; b; while true; do sleep 1; done'], { until: 600_000, turns: 200 });
  expect(output).toMatch(/^podsim: this container has \d+ processes; podsim ends it as out of memory\n$/);
  expect(code).toBe(137);
});

test('a script that doubles its variable without end is ended as out of memory, and says so', () => {
  const { output, code } = runScript('dash', ['sh', '-c', 'x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done'], { until: 600_000, turns: 200 });
  expect(output).toMatch(/^podsim: this container holds more than \d+ MiB in variables and pipes; podsim ends it as out of memory\n$/);
  expect(code).toBe(137);
});

test('a script that never waits is run in slices, and says so', () => {
  const { output, code } = runScript('bash', ['bash', '-c', 'while :; do (:); i=$((i+1)); done'], { until: 600_000, turns: 40 });
  expect(output).toMatch(/^podsim: this container never waits; after \d+ steps podsim runs it on in slices\n$/);
  expect(code).toBeUndefined();
});
