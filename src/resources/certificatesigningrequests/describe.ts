/** kubectl pkg/describe/describe.go describeCertificateSigningRequest. */

import { humanDuration } from '../../api/human-duration.js';
import { parseRequest } from '../../api/pkcs10.js';
import type { Describer } from '../../api/resource.js';
import { formatLabels } from '../meta/columns.js';
import { describeEventsOf, describeTime } from '../meta/describe.js';
import type { CertificateSigningRequest } from './types.js';
import { conditionOf } from './view.js';

export const describe: Describer<CertificateSigningRequest> = async (request, reader, out, options) => {
  const { metadata, spec } = request;
  const parsed = parseRequest(Buffer.from(spec.request, 'base64').toString());
  out.line(0, `Name:\t${metadata.name}`);
  out.line(0, `Labels:\t${formatLabels(metadata.labels)}`);
  out.line(0, `Annotations:\t${formatLabels(metadata.annotations)}`);
  out.line(0, `CreationTimestamp:\t${describeTime(metadata.creationTimestamp)}`);
  out.line(0, `Requesting User:\t${spec.username ?? ''}`);
  if (spec.signerName) out.line(0, `Signer:\t${spec.signerName}`);
  if (spec.expirationSeconds !== undefined) out.line(0, `Requested Duration:\t${humanDuration(spec.expirationSeconds * 1000)}`);
  out.line(0, `Status:\t${conditionOf(request)}`);
  // What is stored has been validated, so there is a request to show.
  if (parsed.error === undefined) {
    const list = (title: string, values: readonly string[]): void => {
      if (values.length > 0) out.line(0, `\t${title}:\t${values.join('\n\t\t')}`);
    };
    out.line(0, 'Subject:');
    out.line(0, `\tCommon Name:\t${parsed.request.commonName}`);
    out.line(0, `\tSerial Number:\t${parsed.request.serialNumber}`);
    for (const { title, values } of parsed.request.subject) list(title, values);
    if (parsed.request.alternativeNames.some(({ values }) => values.length > 0)) {
      out.line(0, 'Subject Alternative Names:');
      for (const { title, values } of parsed.request.alternativeNames) list(title, values);
    }
  }
  await describeEventsOf(request, reader, out, options);
};
