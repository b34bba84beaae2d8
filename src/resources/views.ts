/** What reading each kind takes, in discovery order. Every command loads this list, so it stays light. */
import type { AnyResourceView } from '../api/resource.js';

export const views: readonly AnyResourceView[] = [];
