const at = input.stage_id.indexOf('/');
const body = { status: at < 0 ? input.stage_id : input.stage_id.slice(0, at) };
if (at >= 0) body.subStatus = input.stage_id.slice(at + 1);
if (input.reason_id != null) body.reason = input.reason_id;
return body;
