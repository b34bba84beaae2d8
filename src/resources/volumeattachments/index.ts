import type { Resource } from '../../api/resource.js';
import { attachController } from './attach-controller.js';
import { strategy } from './strategy.js';
import type { VolumeAttachment } from './types.js';
import { view } from './view.js';

export const volumeattachments: Resource<VolumeAttachment> = { ...view, schema: 'V1VolumeAttachment', strategy, controllers: [attachController] };
