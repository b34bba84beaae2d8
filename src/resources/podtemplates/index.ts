import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { PodTemplate } from './types.js';
import { view } from './view.js';

export const podtemplates: Resource<PodTemplate> = { ...view, schema: 'V1PodTemplate', strategy, traits: { podTemplate: ['template'] } };
