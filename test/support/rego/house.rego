# Rules of a house beside those of a policy. house.wasm is policy.wasm of the bundle that OPA 1.22.2 makes here by
# `opa build -t wasm -e house/deny house.rego`; test/interop/rego.test.ts makes it anew.
package house

# A fact of the input that is not as this set knows it must not look like no objection.
deny contains {"item": null, "id": "input", "message": sprintf("the input is %v", [input.format])} if {
	input.format != "sallyport.rego-input/v1"
}

deny contains {"item": item.name, "id": "latest", "message": sprintf("%s is carried by the tag latest", [item.name])} if {
	some item in input.items
	endswith(item.reference, ":latest")
}

deny contains {"item": item.name, "id": "platforms", "message": sprintf("%d platforms, at most %d", [count(item.platforms), 2])} if {
	some item in input.items
	count(item.platforms) > 2
}

deny contains {"item": item.name, "id": "finding", "message": concat(" ", ["a finding while collecting:", finding.code])} if {
	some item in input.items
	some finding in item.findings
	not startswith(finding.code, "harmless")
}

# Of what somebody proved: two signers, and none of them later than a day before now.
signers(item) := {piece.signer.name |
	some piece in item.evidence
	piece.result == "proven"
}

deny contains {"item": item.name, "id": "signers", "message": sprintf("%d signers, at least 2", [count(signers(item))])} if {
	some item in input.items
	item.kind == "image"
	count(signers(item)) < 2
}

deny contains {"item": item.name, "id": "fresh", "message": sprintf("proven at %s, within a day of %s", [at, input.now])} if {
	some item in input.items
	some piece in item.evidence
	some at in piece.times
	time.parse_rfc3339_ns(input.now) - time.parse_rfc3339_ns(at) < ((24 * 60) * 60) * 1000000000
}

deny contains {"item": null, "id": "ticket", "message": "no ticket of the form CHG-1234"} if {
	not regex.match(`^CHG-[0-9]{4}$`, input.waybill.ticket)
}
