import type { Resource } from '../../api/resource.js';
import { approval } from './approval.js';
import { controller } from './controller.js';
import { describe } from './describe.js';
import { strategy } from './strategy.js';
import type { CertificateSigningRequest } from './types.js';
import { view } from './view.js';

export const certificatesigningrequests: Resource<CertificateSigningRequest> = {
  ...view,
  schema: 'V1CertificateSigningRequest',
  strategy,
  describe,
  subresources: { approval },
  controllers: [controller],
};
