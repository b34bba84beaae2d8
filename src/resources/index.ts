/** The kinds. The one place (with views.ts) where a new kind is announced. */
import type { AnyResource } from '../api/resource.js';

export const resources: readonly AnyResource[] = [];
