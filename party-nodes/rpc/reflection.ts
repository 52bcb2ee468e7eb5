/** The standard gRPC reflection service: tools such as grpcurl find out what a node offers. It tells nothing but the public contract. */
import { create, createRegistry, type DescFile, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, type ConnectRouter } from '@connectrpc/connect';
import { file_grpc_health_v1_health, Health } from '#shared/proto/gen/grpc/health/v1/health_pb.js';
import {
  file_grpc_reflection_v1_reflection,
  ServerReflection,
  type ServerReflectionRequest,
  ServerReflectionResponseSchema,
} from '#shared/proto/gen/grpc/reflection/v1/reflection_pb.js';
import { file_trefoil_v1_node, PartyNode } from '#shared/proto/gen/trefoil/v1/node_pb.js';

const FILES = [file_trefoil_v1_node, file_grpc_health_v1_health, file_grpc_reflection_v1_reflection];
const SERVICES = [PartyNode, Health, ServerReflection].map(({ typeName }) => typeName);
const ALL_FILES = [...new Set(FILES.flatMap(withImports))];
const registry = createRegistry(...ALL_FILES);

/** Registers the service. */
export function routeReflection(router: ConnectRouter): void {
  router.service(ServerReflection, {
    serverReflectionInfo: async function* (requests) {
      for await (const request of requests) yield answer(request);
    },
  });
}

function answer(request: ServerReflectionRequest) {
  const { messageRequest } = request;
  const reply = { originalRequest: request, validHost: request.host };
  if (messageRequest.case === 'listServices') {
    const value = { service: SERVICES.map((name) => ({ name })) };
    return create(ServerReflectionResponseSchema, { ...reply, messageResponse: { case: 'listServicesResponse', value } });
  }
  const file = fileOf(messageRequest);
  if (file === undefined) {
    const value = { errorCode: Code.NotFound, errorMessage: 'this node has no such file or symbol' };
    return create(ServerReflectionResponseSchema, { ...reply, messageResponse: { case: 'errorResponse', value } });
  }
  const value = { fileDescriptorProto: withImports(file).map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto)) };
  return create(ServerReflectionResponseSchema, { ...reply, messageResponse: { case: 'fileDescriptorResponse', value } });
}

function fileOf(request: ServerReflectionRequest['messageRequest']): DescFile | undefined {
  if (request.case === 'fileByFilename') return ALL_FILES.find(({ proto }) => proto.name === request.value);
  if (request.case !== 'fileContainingSymbol') return undefined;
  // A method is named after its service: `package.Service.Method`.
  return (registry.get(request.value) ?? registry.get(request.value.slice(0, request.value.lastIndexOf('.'))))?.file;
}

/** A file and everything it imports, each once. */
function withImports(file: DescFile): DescFile[] {
  return [...new Set([file, ...file.dependencies.flatMap(withImports)])];
}
