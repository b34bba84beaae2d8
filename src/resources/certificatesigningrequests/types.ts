/** certificates.k8s.io/v1 CertificateSigningRequest (k8s.io/api/certificates/v1). */
import type { KubeObject } from '../../api/object.js';

export interface CertificateSigningRequest extends KubeObject {
  readonly spec: CertificateSigningRequestSpec;
  readonly status: CertificateSigningRequestStatus;
}

export interface CertificateSigningRequestSpec {
  /** Base64 of a PEM block `CERTIFICATE REQUEST`. */
  readonly request: string;
  readonly signerName: string;
  readonly expirationSeconds?: number;
  readonly usages?: readonly string[];
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export interface CertificateSigningRequestStatus {
  readonly conditions?: readonly CertificateSigningRequestCondition[];
  /** Base64 of PEM. */
  readonly certificate?: string;
}

export interface CertificateSigningRequestCondition {
  /** `Approved`, `Denied` or `Failed`. */
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastUpdateTime?: string | null;
  readonly lastTransitionTime?: string | null;
}
