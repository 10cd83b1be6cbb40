// The group externalAssessment is documented, what it holds is not: an entry with every text that was written is what was written.
const isObject = v => v !== null && typeof v === 'object';
const hasEntries = v => isObject(v) && (Array.isArray(v) ? v.some(isObject) : Object.values(v).some(hasEntries));
const entries = v => !isObject(v) ? [] : Array.isArray(v) ? v.flatMap(entries) : hasEntries(v) ? Object.values(v).flatMap(entries) : [v];
const texts = v => isObject(v) ? Object.values(v).flatMap(texts) : [String(v)];
const written = [input.package_id, input.status, settings.places.text === null || input.text == null ? null : truncate(input.text, settings.textLength), settings.places.link === null ? null : input.link].filter(v => v != null);
const group = (response.body?.jobApplications ?? [])[0]?.externalAssessment;
return entries(group).some(e => written.every(w => texts(e).includes(w))) ? { application_id: input.application_id, package_id: input.package_id } : null;
