import type { Resource } from '../../api/resource.js';
import { strategy } from './strategy.js';
import type { CSIDriver } from './types.js';
import { view } from './view.js';

export const csidrivers: Resource<CSIDriver> = { ...view, schema: 'V1CSIDriver', strategy };
