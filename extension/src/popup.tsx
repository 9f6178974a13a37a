import React from "react";
export default function Popup() { return <p>pop</p>; }
