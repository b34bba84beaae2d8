/** pkg/registry/core/componentstatus. Nobody writes them: the API server offers get and list alone. */
import type { Strategy } from '../../api/resource.js';
import type { ComponentStatus } from './types.js';

export const strategy: Strategy<ComponentStatus> = { defaults: (status) => status, validate: () => [], hasGeneration: false, hasStatus: false };
