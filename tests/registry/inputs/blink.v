// A counter of 24 bits whose upper bits drive five lights, with a button that stops it.
module blink(input clk, input stop, output [4:0] led);
    reg [23:0] count = 0;
    reg [7:0] lfsr = 1;
    always @(posedge clk) begin
        if (!stop) count <= count + 1;
        lfsr <= {lfsr[6:0], lfsr[7] ^ lfsr[5] ^ lfsr[4] ^ lfsr[3]};
    end
    assign led = count[23:19] ^ (lfsr < 40 ? 5'd1 : 5'd0);
endmodule
