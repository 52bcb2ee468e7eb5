/** TrefoilError ↔ Connect error: the code travels as a typed detail, and nothing else of the cause does. */
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { TrefoilError } from '#shared/errors.ts';
import { ErrorDetailSchema } from '#shared/proto/gen/trefoil/v1/node_pb.js';

const CODES: Readonly<Record<TrefoilError['status'], Code>> = {
  400: Code.InvalidArgument,
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  409: Code.FailedPrecondition,
  410: Code.FailedPrecondition,
  413: Code.InvalidArgument,
  422: Code.InvalidArgument,
  429: Code.ResourceExhausted,
  500: Code.Internal,
  502: Code.Unavailable,
  503: Code.Unavailable,
  504: Code.DeadlineExceeded,
};

export function toConnectError(error: TrefoilError): ConnectError {
  const detail = create(ErrorDetailSchema, {
    code: error.code,
    operation: error.operation,
    detail: error.detail ?? '',
    culprits: [...error.culprits],
    round: error.round ?? 0,
    blame: error.blame,
  });
  return new ConnectError(error.message, CODES[error.status], undefined, [{ desc: ErrorDetailSchema, value: detail }]);
}
