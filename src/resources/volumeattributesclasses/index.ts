import type { Resource } from '../../api/resource.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { VolumeAttributesClass } from './types.js';
import { view } from './view.js';

export const volumeattributesclasses: Resource<VolumeAttributesClass> = { ...view, schema: 'V1beta1VolumeAttributesClass', strategy, describe };
