/** Writes that may be refused. */
import { StatusError } from '../api/errors.js';

/** Does it, unless the API server says no: what somebody else has removed or changed in the meantime is left to its next event. */
export function attempt(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}
