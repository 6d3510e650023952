import type { Id, Url } from "../vocabulary.ts";

export interface DeploymentEvents {
  /** The provisioner reported a new live deploy. */
  "deployment.created": {
    deploymentId: Id;
    agentId: Id;
    agentName: string;
    /** Where the live agent answers. */
    machineUrl: Url;
    /** Null when no person started the deploy. */
    deployedByUserId: Id | null;
  };

  /** The provisioner gave up on a build, or threw. */
  "deployment.failed": {
    deploymentId: Id;
    agentId: Id;
    agentName: string;
    /** What stopped the build, as the provisioner said it. Null when it said nothing. */
    reason: string | null;
    /** Null when no person started the deploy. */
    deployedByUserId: Id | null;
  };
}
