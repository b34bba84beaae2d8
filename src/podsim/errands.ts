/** What containers have done by programs that are not of the runtime (api/errand.ts): kubectl, loaded when the first asks for it. */
import type { ErrandRunner } from '../api/errand.js';
import { once } from '../api/once.js';

export function errandRunner(): ErrandRunner {
  const runner = once(async () => (await import('./in-container.js')).createErrandRunner());
  return async (id, errand, idle) => (await runner())(id, errand, idle);
}
