import React from "react";
export default function Options() { return <p>options</p>; }
