/** The standard gRPC health service; load balancers and the gateway ask it. */
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { Health, HealthCheckResponse_ServingStatus, HealthCheckResponseSchema } from '#shared/proto/gen/grpc/health/v1/health_pb.js';
import { PartyNode } from '#shared/proto/gen/trefoil/v1/node_pb.js';

const SERVICES = ['', PartyNode.typeName];

/** @param isReady whether the node can serve right now */
export function routeHealth(router: ConnectRouter, isReady: () => boolean): void {
  const check = (service: string) => {
    if (!SERVICES.includes(service)) throw new ConnectError('unknown service', Code.NotFound);
    const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus;
    return create(HealthCheckResponseSchema, { status: isReady() ? SERVING : NOT_SERVING });
  };
  router.service(Health, {
    check: async ({ service }) => check(service),
    watch: async function* ({ service }) {
      yield check(service);
    },
  });
}
