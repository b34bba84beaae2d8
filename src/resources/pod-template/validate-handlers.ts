/** Probes and lifecycle hooks: pkg/apis/core/validation/validation.go (validateProbe, validateLifecycle, validateHandler). */
import { type FieldError, forbidden, invalid, notSupported, required } from '../../api/field.js';
import { httpHeaderName, portName, portNumber } from '../meta/names.js';
import { validateNonnegative } from '../meta/validation.js';
import type { Container, IntOrString, LifecycleHandler, Probe, ProbeHandler } from './types.js';

/** The hooks and probes of a container that may have them. */
export function validateHandlers(container: Container, gracePeriod: number | undefined, at: string, errors: FieldError[]): void {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  if (lifecycle) {
    if (lifecycle.postStart) validateHandler(lifecycle.postStart, gracePeriod, `${at}.lifecycle.postStart`, errors);
    if (lifecycle.preStop) validateHandler(lifecycle.preStop, gracePeriod, `${at}.lifecycle.preStop`, errors);
  }
  if (livenessProbe) {
    validateProbe(livenessProbe, `${at}.livenessProbe`, errors);
    validateSuccessThreshold(livenessProbe, `${at}.livenessProbe`, errors);
  }
  if (readinessProbe) {
    validateProbe(readinessProbe, `${at}.readinessProbe`, errors);
    const grace = readinessProbe.terminationGracePeriodSeconds;
    if (grace !== undefined) errors.push(invalid(`${at}.readinessProbe.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes'));
  }
  if (startupProbe) {
    validateProbe(startupProbe, `${at}.startupProbe`, errors);
    validateSuccessThreshold(startupProbe, `${at}.startupProbe`, errors);
  }
}

function validateSuccessThreshold(probe: Probe, at: string, errors: FieldError[]): void {
  if (probe.successThreshold !== 1) errors.push(invalid(`${at}.successThreshold`, probe.successThreshold ?? 0, 'must be 1'));
}

const SECONDS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const;

function validateProbe(probe: Probe, at: string, errors: FieldError[]): void {
  validateHandler(probe, undefined, at, errors);
  for (const field of SECONDS) validateNonnegative(probe[field], `${at}.${field}`, errors);
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace !== null && grace <= 0) errors.push(invalid(`${at}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'));
}

/** Exactly one of exec, httpGet, tcpSocket, grpc (probes), sleep (hooks); the first one counts. */
function validateHandler(handler: ProbeHandler & LifecycleHandler, gracePeriod: number | undefined, at: string, errors: FieldError[]): void {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  let count = 0;
  const isFirst = (field: string): boolean => {
    count++;
    if (count > 1) errors.push(forbidden(`${at}.${field}`, 'may not specify more than 1 handler type'));
    return count === 1;
  };
  if (exec && isFirst('exec') && !exec.command?.length) errors.push(required(`${at}.exec.command`));
  if (httpGet && isFirst('httpGet')) {
    if (!httpGet.path) errors.push(required(`${at}.httpGet.path`));
    validatePort(httpGet.port, `${at}.httpGet.port`, errors);
    if (httpGet.scheme !== 'HTTP' && httpGet.scheme !== 'HTTPS') errors.push(notSupported(`${at}.httpGet.scheme`, httpGet.scheme ?? '', ['HTTP', 'HTTPS']));
    for (const { name } of httpGet.httpHeaders ?? [])
      for (const problem of httpHeaderName(name ?? '')) errors.push(invalid(`${at}.httpGet.httpHeaders`, name ?? '', problem));
  }
  if (tcpSocket && isFirst('tcpSocket')) validatePort(tcpSocket.port, `${at}.tcpSocket.port`, errors);
  if (grpc && isFirst('grpc')) validatePort(grpc.port, `${at}.grpc.port`, errors);
  // Without a grace period it has been reported as missing already.
  if (sleep && isFirst('sleep') && gracePeriod !== undefined && ((sleep.seconds ?? 0) < 0 || (sleep.seconds ?? 0) > gracePeriod))
    errors.push(invalid(`${at}.sleep`, sleep.seconds ?? 0, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`));
  if (count === 0) errors.push(required(at, 'must specify a handler type'));
}

/** ValidatePortNumOrName. */
function validatePort(port: IntOrString | undefined, at: string, errors: FieldError[]): void {
  if (typeof port === 'string') for (const problem of portName(port)) errors.push(invalid(at, port, problem));
  else for (const problem of portNumber(port ?? 0)) errors.push(invalid(at, port ?? 0, problem));
}
