import { RemovalPolicy } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as authorizers from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as apigatewayLogs from 'aws-cdk-lib/aws-apigateway';
import * as cloudmap from 'aws-cdk-lib/aws-servicediscovery';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Network, tasks } from './network';
import { Parameters } from './parameters';
import { Settings } from './settings';

/** The header in which gateways are told who asks. */
export const fromHeader = 'edna-from';

const { GET, HEAD, POST, PUT, PATCH, DELETE } = apigateway.HttpMethod;

/** A line of the log for each request. Without the query: keys may stand there. */
const line = {
  at: '$context.requestTime', id: '$context.requestId', from: '$context.identity.sourceIp', method: '$context.httpMethod', path: '$context.path', route: '$context.routeKey',
  status: '$context.status', bytes: '$context.responseLength', ms: '$context.responseLatency', ednaStatus: '$context.integration.status', ednaMs: '$context.integration.latency',
  refusedBy: '$context.authorizer.error', error: '$context.error.message', ednaError: '$context.integrationErrorMessage',
};

/** The way in from outside: HTTPS, tokens looked at before EDNA does, throttling, a log of every request. */
export class Api extends Construct {
  readonly api: apigateway.HttpApi;

  constructor(scope: Construct, network: Network, settings: Settings, parameters: Parameters, gateways: cloudmap.IService) {
    super(scope, 'Api');
    this.api = new apigateway.HttpApi(this, 'Http', {
      apiName: 'edna', createDefaultStage: false,
      corsPreflight: {
        allowOrigins: parameters.corsOrigins, allowMethods: [apigateway.CorsHttpMethod.ANY],
        allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'last-event-id', 'traceparent'],
        exposeHeaders: ['etag', 'idempotency-replayed', 'location', 'retry-after'],
      },
    });
    const vpcLink = new apigateway.VpcLink(this, 'Link', { vpc: network.vpc, subnets: { subnetGroupName: tasks }, securityGroups: [network.link] });
    const integration = new integrations.HttpServiceDiscoveryIntegration('Edna', gateways, {
      vpcLink,
      // The usual header is the caller's as well, and may not be set here. This one is overwritten whatever the caller says.
      parameterMapping: new apigateway.ParameterMapping().overwriteHeader(fromHeader, apigateway.MappingValue.contextVariable('identity.sourceIp')),
    });
    const add = (authorizer: apigateway.IHttpRouteAuthorizer, methods: apigateway.HttpMethod[], ...paths: string[]): void => {
      for (const path of paths) this.api.addRoutes({ path, methods, integration, authorizer });
    };
    const nobody = new apigateway.HttpNoneAuthorizer();
    const byToken = settings.authoriser === 'api'
      ? new authorizers.HttpJwtAuthorizer('Auth0', parameters.tokens!.issuer, { jwtAudience: [parameters.tokens!.audience] })
      : nobody;
    // Not any method: OPTIONS must stay with the API, which answers it for CORS without a token.
    add(byToken, [GET, HEAD, POST, PUT, PATCH, DELETE], '/v1/{path+}');
    // Object events have a key of their own, which EDNA looks at; health and the description of the API are for everybody.
    add(nobody, [POST], '/v1/callbacks/{path+}');
    add(nobody, [GET], '/health/live', '/health/ready', '/docs', '/docs/{path+}', '/openapi/{path+}');

    const log = new logs.LogGroup(this, 'Log', { retention: logs.RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
    this.api.addStage('Stage', {
      stageName: '$default', autoDeploy: true, detailedMetricsEnabled: true,
      accessLogSettings: { destination: new apigateway.LogGroupLogDestination(log), format: apigatewayLogs.AccessLogFormat.custom(JSON.stringify(line)) },
      throttle: { rateLimit: parameters.requestsASecond, burstLimit: parameters.requestsAtOnce },
    });
  }
}
