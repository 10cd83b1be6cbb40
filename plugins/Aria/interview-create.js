const candidate = { email: input.candidate.email, name: input.candidate.name };
if (input.candidate.phone != null) candidate.phone = input.candidate.phone;
const body = {
  candidate,
  job_id: input.job_id,
  interview_kit_id: input.interview_kit_id,
  send_immediately: input.send_immediately ?? true,
  external_id: effect.key
};
if (input.metadata != null) body.metadata = input.metadata;
return body;
