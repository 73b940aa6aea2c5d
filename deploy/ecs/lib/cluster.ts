import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as cloudmap from 'aws-cdk-lib/aws-servicediscovery';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Network, tasks } from './network';
import { Settings } from './settings';

/** Less than `stopSeconds`, so that a silo hands its grains over before it is killed. */
const shutdownTimeout = '00:01:30';
/** The most that Fargate allows is 120. */
const stopSeconds = 115;

/** What both services of EDNA have. */
export interface ClusterProps {
  readonly network: Network;
  readonly settings: Settings;
  readonly repository: ecr.IRepository;
  /** Environment of silos and gateways. */
  readonly environment: Record<string, string>;
}

/** A kind of process: what it may do, and what it is told beside. */
export interface ServiceProps {
  readonly role: 'silo' | 'gateway';
  readonly port: number;
  readonly statements: iam.PolicyStatement[];
  readonly environment: Record<string, string>;
  readonly secrets: Record<string, ecs.Secret>;
  readonly securityGroup: ec2.SecurityGroup;
  readonly cpu: number;
  readonly memory: number;
  /** Where its tasks have names; none where nobody looks for them so. */
  readonly names?: cloudmap.INamespace;
}

/** A service, and where its log is. */
export interface Running {
  readonly service: ecs.FargateService;
  readonly log: logs.LogGroup;
}

/** EDNA's services on Fargate. */
export class Cluster extends Construct {
  private readonly cluster: ecs.Cluster;

  constructor(scope: Construct, private readonly props: ClusterProps) {
    super(scope, 'Cluster');
    this.cluster = new ecs.Cluster(this, 'Ecs', { vpc: props.network.vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED });
  }

  add(id: string, props: ServiceProps): Running {
    const log = new logs.LogGroup(this, `${id}Log`, { retention: logs.RetentionDays.THREE_MONTHS, removalPolicy: RemovalPolicy.DESTROY });
    const task = this.define(id, props, log);
    const service = new ecs.FargateService(this, id, {
      cluster: this.cluster, taskDefinition: task, assignPublicIp: false,
      vpcSubnets: { subnetGroupName: tasks },
      securityGroups: [props.securityGroup],
      circuitBreaker: { enable: true, rollback: true },
      minHealthyPercent: 100, maxHealthyPercent: 150,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
      cloudMapOptions: props.names && { cloudMapNamespace: props.names, name: props.role, dnsRecordType: cloudmap.DnsRecordType.SRV, container: task.defaultContainer, containerPort: props.port },
    });
    // ECS fetches the image by this role: not before it may.
    service.node.addDependency(task.obtainExecutionRole());
    // A number of tasks in the template would undo at every deployment what scaling has done. Registered, a service is brought to the least at once.
    (service.node.defaultChild as ecs.CfnService).addPropertyDeletionOverride('DesiredCount');
    const scaling = service.autoScaleTaskCount({ minCapacity: 2, maxCapacity: this.props.settings.mostTasks });
    // By processors alone: what .NET has taken of memory it gives back late, so that memory would let a service grow and never shrink.
    scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60, scaleInCooldown: Duration.minutes(5), scaleOutCooldown: Duration.minutes(1) });
    return { service, log };
  }

  private define(id: string, props: ServiceProps, logGroup: logs.LogGroup): ecs.FargateTaskDefinition {
    const task = new ecs.FargateTaskDefinition(this, `${id}Task`, {
      cpu: props.cpu, memoryLimitMiB: props.memory,
      runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.X86_64, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
      volumes: [{ name: 'data' }],
    });
    for (const statement of props.statements) task.addToTaskRolePolicy(statement);
    const container = task.addContainer('edna', {
      image: ecs.ContainerImage.fromEcrRepository(this.props.repository, this.props.settings.tag),
      environment: {
        ...this.props.environment, ...props.environment,
        EDNA_ROLE: props.role,
        Edna__Shutdown__Timeout: shutdownTimeout,
        // The one place that the image's user may write to: Fargate takes its owner from the image's VOLUME, and has no tmpfs.
        TMPDIR: '/data',
      },
      secrets: props.secrets,
      // When nobody takes the log a process goes on; 25 MB of it wait.
      logging: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix: props.role, mode: ecs.AwsLogDriverMode.NON_BLOCKING, maxBufferSize: Size.mebibytes(25) }),
      readonlyRootFilesystem: true,
      user: '1654',
      stopTimeout: Duration.seconds(stopSeconds),
      healthCheck: {
        command: ['CMD', 'dotnet', '/app/Edna.Gateway.dll', 'health'], interval: Duration.seconds(15), timeout: Duration.seconds(10), retries: 3, startPeriod: Duration.seconds(60),
      },
      portMappings: [{ containerPort: props.port, name: props.role }],
    });
    container.addMountPoints({ sourceVolume: 'data', containerPath: '/data', readOnly: false });
    return task;
  }
}
