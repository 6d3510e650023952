import type { Emitter } from "../emitter.ts";
import { jsonFile } from "../json.ts";
import type { ContractModel } from "../model.ts";
import { once } from "../once.ts";
import { marker } from "../output.ts";
import { receiverContract } from "../receiver-contract.ts";
import { authorizationCases } from "./authorizations.ts";
import { batchCases } from "./batches.ts";
import { exampleCases } from "./examples.ts";
import { faultCases } from "./faults.ts";
import { rootCases } from "./roots.ts";
import { signatureCases } from "./signatures.ts";
import { samplesOf } from "./sites.ts";
import { valueCases } from "./values.ts";
import { type Case, vectorOf } from "./vector.ts";
import { verdictVectors } from "./verdicts.ts";

/** What every receiver SDK runs in its own tests, one file for each contract; `test/vectors/README.md` says how to read them. */
export const vectors: Emitter = {
  target: "vectors",
  owns: ["test/vectors"],
  emit: (catalog) => catalog.contracts.filter((contract) => contract.events.length > 0).map(vectorFile),
};

const vectorFile = once((contract: ContractModel) => {
  const verdicts = verdictVectors(contract);
  const file = {
    "x-generated": marker,
    contract: receiverContract(contract),
    vectors: casesOf(contract).map((each) => vectorOf(contract, each)),
    ...(verdicts.length === 0 ? {} : { verdicts }),
  };
  return { path: `test/vectors/${contract.declaration.id}.json`, text: jsonFile(file, 2) };
});

function casesOf(contract: ContractModel): readonly Case[] {
  const samples = samplesOf(contract);
  const [first] = samples;
  if (first === undefined) return [];
  return [
    ...exampleCases(contract, samples),
    ...signatureCases(contract, first),
    ...authorizationCases(contract, first),
    ...valueCases(contract, samples),
    ...faultCases(contract, samples),
    ...rootCases(contract, first),
    ...batchCases(contract, samples),
  ];
}
